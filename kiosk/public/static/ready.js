// Whether the server can serve, asked in a moment. A network's log-in page, or a proxy alone, is no yes.

// All that our door answers carries the policy.
export const isOurs = (answer) => answer.headers.has("Content-Security-Policy");

export async function isReady(within = 2_000) {
  try {
    const answer = await fetch("/health/ready", { cache: "no-store", signal: AbortSignal.timeout(within) });
    return answer.ok && (await answer.json()).status === "ready";
  } catch {
    return false;
  }
}
