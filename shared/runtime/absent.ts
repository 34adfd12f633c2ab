/**
 * Stands in the bundles for parts of dependencies that can never run in these functions: the check of the AWS SDK's second
 * major version (in the X-Ray SDK), the reading of browsers' names, and event streams. Together 77 KB a function.
 */
export default undefined
