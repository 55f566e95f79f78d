import { passwordFaults as faultsOf, type PasswordContext } from "@pitwall/domain/accounts";
import type { FieldFault } from "@pitwall/domain/domain-error";
import { dictionary } from "@zxcvbn-ts/language-common";

/** Some 49 000 from published leaks, in lower case; of four megabytes. */
const COMMON: ReadonlySet<string> = new Set(dictionary["passwords-common"]);

/** Every rule that a password breaks, known leaks included. */
export function passwordFaults(password: string, owner: Omit<PasswordContext, "common">): FieldFault[] {
  return faultsOf(password, { ...owner, common: COMMON });
}
