import { serve } from '../../../../shared/runtime/serve.ts'
import { endpoints } from '../../contract.ts'
import { renderPicture as draw } from '../domain.ts'

const headers = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'none'; frame-ancestors 'none'",
}

export const handler = serve(endpoints.drawPicture, {}, async function drawPicture({ params: { name } }) {
  return { body: draw(name.replace(/\.svg$/, '')), headers }
})
