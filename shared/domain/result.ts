/** An expected outcome: a value, or the reason why there is none. Bugs and outages are thrown instead. */
export type Result<Value, Reason extends string = string> =
  | { ok: true; value: Value }
  | { ok: false; reason: Reason; detail: string }

export const ok = <Value>(value: Value): { ok: true; value: Value } => ({ ok: true, value })

export const refused = <Reason extends string>(
  reason: Reason,
  detail: string,
): { ok: false; reason: Reason; detail: string } => ({
  ok: false,
  reason,
  detail,
})
