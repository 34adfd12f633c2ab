/**
 * Stands in the bundles for parts of dependencies that can never run in these functions: the check of the AWS SDK's second
 * major version (in the X-Ray SDK), the reading of browsers' names, and event streams. Together 77 KB a function. And for what
 * is made when its module is loaded or its client opened, and never used: the filter of styles that the HTML filter brings
 * along (no style passes here), and the memory of endpoints that DynamoDB would be asked for (8 KB; its endpoint is known). And Node's streams of the web, of which middy would know one that a function answers with: none
 * does, and loading them takes longer than making the table.
 */
export default undefined

export class FilterCSS {}
export class EndpointCache {}
export class ReadableStream {}
