/**
 * Stands in the bundles for parts of dependencies that can never run in these functions: in the X-Ray SDK, the check of the AWS
 * SDK's second major version; and the filter of styles that the HTML filter brings along, which is made when its module is
 * loaded: no style passes here. And Node's streams of the web, of which middy would know one that a function answers with: none
 * does, and loading them takes longer than making the table.
 */
export default undefined

export class FilterCSS {}
export class ReadableStream {}
