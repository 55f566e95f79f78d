import type { ServiceContext } from "@pitwall/services/context";
import { currentSeason } from "@pitwall/services/seasons/current";

/** The input with a season: the one that is being played, unless another was asked for. */
export async function withSeason<Input extends { readonly season?: number | undefined }>(
  ctx: ServiceContext,
  input: Input,
): Promise<Input & { season: number }> {
  return { ...input, season: input.season ?? (await currentSeason(ctx)) };
}
