import type { FieldFault } from "@pitwall/domain/domain-error";
import type { ZodError, z } from "zod";

type Issue = z.core.$ZodIssue;

/** More help nobody. */
const MOST = 20;

const REASONS = {
  invalid_type: "field.wrong_type",
  too_big: "field.too_big",
  too_small: "field.too_small",
  invalid_format: "field.wrong_format",
  not_multiple_of: "field.wrong_step",
  unrecognized_keys: "field.unknown",
  invalid_union: "field.invalid",
  invalid_key: "field.invalid",
  invalid_element: "field.invalid",
  invalid_value: "field.not_a_choice",
  custom: "field.invalid",
} as const satisfies Record<Issue["code"], FieldFault["reason"]>;

/** One fault for each field that a schema refused. */
export function fieldFaults(error: ZodError): FieldFault[] {
  return error.issues.flatMap(faultsOf).slice(0, MOST);
}

function faultsOf(issue: Issue): FieldFault[] {
  const at = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownField([...at, key].join(".")));
  return [{ field: at.join("."), reason: REASONS[issue.code], message: `${issue.message}.` }];
}

export function unknownField(field: string): FieldFault {
  const name = field.slice(0, 100);
  return { field: name, reason: REASONS.unrecognized_keys, message: "There is no such field." };
}
