// Checks the signature of an enforcement webhook from Vigie, with Node 18 or later and nothing else.
//
// Copy `verify` into your receiver. As a program it checks one message:
//
//     WEBHOOK_SECRET=... node verify.mjs TIMESTAMP SIGNATURE NOW < body

import { createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SECONDS_OFF_MAX = 300;

// "accepted", or why the request is to be answered with 401. `timestamp` and `signature` are the headers
// Vigie-Timestamp and Vigie-Signature, `body` is a Buffer with the raw body before any parsing (in Express:
// express.raw({ type: "application/json" })), `now` the present time in Unix seconds.
export function verify(secret, timestamp, signature, body, now) {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return "bad_timestamp";
  if (Math.abs(now - Number(timestamp)) > SECONDS_OFF_MAX) return "timestamp_off";
  const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const expected = Buffer.from(`v1=${digest}`);
  const given = Buffer.from(signature);
  // timingSafeEqual refuses different lengths; the length of a signature is no secret.
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return "bad_signature";
  return "accepted";
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [, , timestamp, signature, now] = process.argv;
  const outcome = verify(process.env.WEBHOOK_SECRET, timestamp, signature, readFileSync(0), Number(now));
  console.log(outcome);
  process.exitCode = outcome === "accepted" ? 0 : 1;
}
