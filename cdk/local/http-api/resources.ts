/** Declares what templates may say about HTTP APIs. */
import * as z from 'zod/mini'
import { apiId, byLogicalId } from '../template/resource-names.ts'
import { resourceType } from '../template/resource-type.ts'
import { flag, ignored, listOf, number, text } from '../template/values.ts'

const corsConfiguration = z.strictObject({
  AllowCredentials: z.optional(flag),
  AllowHeaders: listOf(text),
  AllowMethods: listOf(text),
  AllowOrigins: listOf(text),
  ExposeHeaders: listOf(text),
  MaxAge: z.optional(number),
})

export type CorsConfiguration = z.infer<typeof corsConfiguration>

export const apiType = resourceType(
  'AWS::ApiGatewayV2::Api',
  z.strictObject({
    Name: ignored,
    Description: ignored,
    ProtocolType: z.literal('HTTP'),
    Tags: ignored,
    CorsConfiguration: z.optional(corsConfiguration),
  }),
  { ref: apiId, attributes: { ApiId: apiId, ApiEndpoint: (i) => i.apiUrl(i.stack, i.logicalId) } },
)

export const authorizerType = resourceType(
  'AWS::ApiGatewayV2::Authorizer',
  z.strictObject({
    ApiId: text,
    AuthorizerType: z.literal('JWT'),
    IdentitySource: listOf(text),
    Name: ignored,
    JwtConfiguration: z.strictObject({ Audience: listOf(text), Issuer: text }),
  }),
  { ref: byLogicalId, attributes: { AuthorizerId: byLogicalId } },
)

export const integrationType = resourceType(
  'AWS::ApiGatewayV2::Integration',
  z.strictObject({
    ApiId: text,
    Description: ignored,
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationMethod: ignored,
    IntegrationUri: text,
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.optional(number),
  }),
  { ref: byLogicalId },
)

export const routeType = resourceType(
  'AWS::ApiGatewayV2::Route',
  z.strictObject({
    ApiId: text,
    AuthorizationScopes: listOf(text),
    AuthorizationType: z._default(z.enum(['NONE', 'JWT']), 'NONE'),
    AuthorizerId: z.optional(text),
    OperationName: ignored,
    RouteKey: text,
    Target: text,
  }),
  { ref: byLogicalId },
)

const routeSettings = z.strictObject({
  DetailedMetricsEnabled: ignored,
  ThrottlingBurstLimit: z.optional(number),
  ThrottlingRateLimit: z.optional(number),
})

export type RouteSettings = z.infer<typeof routeSettings>

export const stageType = resourceType(
  'AWS::ApiGatewayV2::Stage',
  z.strictObject({
    AccessLogSettings: z.optional(z.strictObject({ DestinationArn: ignored, Format: z.optional(text) })),
    ApiId: text,
    AutoDeploy: ignored,
    DefaultRouteSettings: z.optional(routeSettings),
    Description: ignored,
    RouteSettings: z.optional(z.record(z.string(), routeSettings)),
    StageName: z.literal('$default'),
    Tags: ignored,
  }),
  { ref: () => '$default' },
)
