/**
 * Stands in the bundles for parts of dependencies that can never run in these functions: the check of the AWS SDK's second
 * major version (in the X-Ray SDK), the reading of browsers' names, and event streams. Together 77 KB a function. And for the
 * filter of styles that the HTML filter brings along: no style passes here. It is made when the filter is loaded, and not used.
 */
export default undefined

export class FilterCSS {}
