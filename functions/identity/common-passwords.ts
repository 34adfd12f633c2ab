/**
 * The common passwords of ten characters and more, in lower case; shorter ones are refused for their length. From the
 * heads of public lists of leaked passwords.
 */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1234567890 0987654321 1234512345 1231231234 1111111111 0000000000 2222222222 5555555555 6666666666 7777777777
  8888888888 9999999999 1122334455 12345678910 123456789a a123456789 123456789q q123456789 1q2w3e4r5t 1q2w3e4r5t6y
  1qaz2wsx3edc zaq12wsxcde 1qazxsw23edc qazwsxedcrfv qwertyuiop qwertyuiop1 qwertyuiop123 poiuytrewq asdfghjkl1
  asdfghjkl123 asdfghjkl; zxcvbnm123 zxcvbnm1234 qwerty1234 qwerty12345 qwerty123456 1234qwerty 12345qwert 123qwe123qwe
  qwe123qwe123 qweasdzxc1 qweasdzxc123 asdasdasd1 asdfasdfasdf abcd123456 abc1234567 abcdefghij abcdefghijk 123456abcd
  123456abcdef a1b2c3d4e5 a1s2d3f4g5 q1w2e3r4t5 q1w2e3r4t5y6 password12 password123 password1234 password12345
  passw0rd123 p@ssw0rd123 p@ssword123 passwordpassword password!1 password01 password11 password2020 password2021
  password2022 password2023 password2024 password2025 password2026 mypassword mypassword1 thepassword yourpassword
  newpassword newpassword1 changeme123 changeme1234 welcome123 welcome1234 welcome2024 welcome2025 letmein123
  letmein1234 iloveyou12 iloveyou123 iloveyou1234 iloveyou2 iloveyouso ilovejesus iloveyou1 sunshine12 sunshine123
  princess12 princess123 football12 football123 baseball12 baseball123 basketball basketball1 basketball12 liverpool1
  liverpool123 manchester manchester1 manunited1 chelsea123 arsenal123 barcelona1 barcelona10 realmadrid realmadrid1
  superman123 batman1234 spiderman12 starwars123 pokemon123 dragon1234 monkey1234 shadow1234 master1234 killer1234
  michael123 jennifer12 jennifer123 jessica123 charlie123 andrew1234 daniel1234 thomas1234 robert1234 william123
  elizabeth1 alexander1 alexander12 alexandra1 christina1 christian1 christopher christopher1 stephanie1 samantha12
  nicole1234 ashley1234 george1234 joshua1234 matthew123 anthony123 internet123 computer12 computer123 administrator
  administrator1 admin12345 admin123456 admin@1234 adminadmin administrador rootroot12 root123456 user123456 test123456
  testtest12 test1234567 testing1234 default123 guest12345 login12345 secret1234 mysecret123 topsecret1 trustno1234
  whatever12 whatever123 whatever1234 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025 summer2026
  winter2020 winter2021 winter2022 winter2023 winter2024 winter2025 winter2026 spring2024 spring2025 spring2026
  autumn2024 autumn2025 autumn2026 january2024 january2025 december2024 december2025 monday1234 friday1234
  chocolate1 chocolate12 strawberry strawberry1 butterfly1 butterfly12 sunflower1 rainbow123 blackberry watermelon
  watermelon1 california california1 washington1 australia1 australia12 bangladesh pakistan123 indonesia1 philippines
  jesuschrist jesuschrist1 jesus12345 godisgood1 ilovegod123 blessed123 heaven1234 angel12345 babygirl12 babygirl123
  princess1234 sweetheart sweetheart1 beautiful1 beautiful12 gorgeous12 lovelove12 lovelovelove forever123 friendship
  friends123 loveyou123 loveme1234 kissme1234 teddybear1 cinderella cinderella1 tinkerbell tinkerbell1 snowwhite1
  hellokitty hellokitty1 mickeymouse minniemouse spongebob1 scoobydoo1 harrypotter harrypotter1 gryffindor1 slytherin1
  metallica1 metallica12 nirvana123 eminem1234 bobmarley1 lakers2424 yankees123 cowboys123 steelers12 redsox2004
  motorcycle volkswagen mercedes12 ferrari123 porsche911 lamborghini mustang123 corvette12 chevrolet1 toyota1234
  samsung123 nokia12345 blackberry1 playstation playstation2 playstation3 nintendo64 xbox360360 counterstrike
  warcraft123 minecraft1 minecraft123 runescape1 runescape12 facebook12 facebook123 google1234 youtube123 twitter123
  linkedin12 linkedin123 microsoft1 windows123 windowsxp1 passport12 qwertyqwerty asdfasdf12 zxczxczxc1 aaaaaaaaaa
  bbbbbbbbbb xxxxxxxxxx zzzzzzzzzz qqqqqqqqqq 1a2b3c4d5e 12qwaszx12 !qaz2wsx3edc !qaz@wsx#edc 147258369a 1472583690
  7894561230 0123456789 9876543210 98765432100 12345678900 123456789123 123456789012 1234567891 12345678901 123123123123
  321321321321 456456456456 112233445566 11223344556 123654789a 159753159753 147852369a 741852963a 951753456a 159357159357
  correcthorse correcthorsebatterystaple trustno1trustno1 openopen12 accessgranted letmeinnow letmeinplease opensesame
  opensesame1 abracadabra supersecret supersecret1 verysecret mypassword123 mypass1234 pass123456 pass1234567 passpass12
  passphrase1 nopassword nopassword1 idontknow1 idontknow12 fuckyou123 fuckyou1234 fuckoff123 asshole123 bullshit12
  superstar1 superstar12 rockstar12 rockstar123 onelove123 peaceandlove happy12345 happiness1 smile12345 shopping123
  onlineshop1 myshop1234 customer123 welcome2shop`.split(/\s+/),
)
