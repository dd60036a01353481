/** Windows accounts as logs write them: DOMAIN\\user in one text. */
import type { NetworkEvent } from "../event/event.ts";

/** Sets an account's name, and its domain where one stands before it. */
export function setUser(event: NetworkEvent, account: string | undefined): void {
  if (account === undefined) return;
  const slash = account.indexOf("\\");
  event["user.name"] = account.slice(slash + 1) || account;
  if (slash > 0) event["user.domain"] = account.slice(0, slash);
}
