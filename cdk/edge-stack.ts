/**
 * CloudFront and WAF in front of the API, for stages that want them: answers that say `public` are kept near people, and whoever
 * asks too much or is known for harm is refused. In us-east-1 wherever the shop is, since AWS takes WAF rules and certificates
 * of CloudFront from there only: bootstrap that region too. It refers to nothing but the domain's name, so it is deployed alone.
 *
 * Who finds out the domain behind it and calls that directly is refused by the functions: only CloudFront sends the secret.
 */
import { CfnOutput, Duration, SecretValue, Stack, Validations } from 'aws-cdk-lib'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Function as CloudFrontFunction,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { originSecretHeader } from '../shared/runtime/origin-secret.ts'
import { viewerAddressHeader } from './constructs/shop-function.ts'
import type { Stage } from './constructs/stage.ts'

type Edge = NonNullable<Stage['edge']>

/** AWS's own rules that no honest request of this API breaks; their common set refuses bodies above 8 KB, and HTML. */
const managedRules = ['AWSManagedRulesAmazonIpReputationList', 'AWSManagedRulesKnownBadInputsRuleSet']

/** All that CloudFront would keep by itself. */
const errorStatuses = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504]

const watched = (metricName: string) => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  // Samples would hold people's addresses and tokens.
  sampledRequestsEnabled: false,
})

export class EdgeStack extends Stack {
  constructor(scope: Construct, stage: Stage, edge: Edge, origin: string) {
    super(scope, `${stage.prefix}-edge`, {
      description: `${stage.shop.name}: CloudFront and WAF in front of the API`,
      env: { region: 'us-east-1' },
    })
    const distribution = new Distribution(this, 'distribution', {
      comment: stage.prefix,
      domainNames: [edge.name],
      certificate: Certificate.fromCertificateArn(this, 'certificate', edge.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: this.makeRules(stage, edge).attrArn,
      defaultBehavior: {
        origin: new HttpOrigin(origin, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          customHeaders: { [originSecretHeader]: this.originSecret(stage, edge) },
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: this.makeCachePolicy(stage),
        // Not Host: API Gateway knows the domain by it.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: this.makeAddressTeller() }],
        compress: true,
        responseHeadersPolicy: this.makeHeadersPolicy(stage),
      },
      // Else CloudFront keeps an error for ten seconds, and whoever asks again after a 503 is told the old one.
      errorResponses: errorStatuses.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-CFR1', reason: 'The shop sells to wherever its shipping methods go' },
      {
        id: 'AwsSolutions::AwsSolutions-CFR3',
        reason: "The API's access log tells of requests, and CloudFront's would keep people's network addresses",
      },
    )
    new CfnOutput(this, 'PointYourDnsAt', { value: distribution.distributionDomainName })
  }

  /** In the template stands where it is kept. Another secret has another name, so that CloudFormation looks there again. */
  private originSecret({ prefix }: Stage, { originSecretHashes: [hash = ''] }: Edge): string {
    return SecretValue.secretsManager(`${prefix}-origin-${hash.slice(0, 12)}`).unsafeUnwrap()
  }

  /** Keeps what the shop says may be kept, for as long as it says, and nothing else; a person's answers only for that token. */
  private makeCachePolicy({ prefix }: Stage): CachePolicy {
    return new CachePolicy(this, 'cache-policy', {
      cachePolicyName: `${prefix}-as-the-shop-says`,
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.days(365),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      headerBehavior: CacheHeaderBehavior.allowList('Authorization', 'Origin'),
      cookieBehavior: CacheCookieBehavior.none(),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    })
  }

  /** What the functions say of themselves (shared/runtime/serve.ts), also on what the gateway answers by itself. */
  private makeHeadersPolicy({ prefix }: Stage): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'headers-policy', {
      responseHeadersPolicyName: `${prefix}-security`,
      securityHeadersBehavior: {
        contentTypeOptions: { override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: false,
          override: true,
        },
      },
    })
  }

  /**
   * Behind CloudFront all requests come from its own addresses; log-ins are counted by the one that this says. And CloudFront
   * makes the tag of what it compresses weak, which If-Match must not take (RFC 9110 13.1.1): the shop has strong tags only,
   * so this makes them again what they were.
   */
  private makeAddressTeller(): CloudFrontFunction {
    const header = `r.headers[${JSON.stringify(viewerAddressHeader)}]`
    const strong = `const m=r.headers['if-match'];if(m)m.value=m.value.replace(/(^|,\\s*)W\\/"/g,'$1"')`
    return new CloudFrontFunction(this, 'address-teller', {
      comment: 'Tells the API who asks, and makes tags strong again',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(
        `function handler(e){const r=e.request;${header}={value:e.viewer.ip};${strong};return r}`,
      ),
    })
  }

  private makeRules({ prefix }: Stage, edge: Edge): CfnWebACL {
    return new CfnWebACL(this, 'rules', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: watched(`${prefix}-edge`),
      rules: [
        {
          name: 'too-many-from-one-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: edge.requestsPerFiveMinutes } },
          visibilityConfig: watched(`${prefix}-too-many`),
        },
        ...managedRules.map((name, index) => ({
          name,
          priority: index + 1,
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
          visibilityConfig: watched(`${prefix}-${name}`),
        })),
      ],
    })
  }
}
