// What classes and predicates are called and look like.
import demarc from "virtual:demarc";

const { styles, labels, parents } = demarc;

const colour = (name: string) => styles.palette[name] ?? name;

/** The family of a predicate: its hue, as claiming, holding, agreeing, and so on have one each. */
export type Family = "claims" | "holds" | "agrees" | "treaty" | "rules" | "plain";

const families: Record<string, Family> = {
  vermillion: "claims",
  blue: "holds",
  "bluish-green": "agrees",
  orange: "treaty",
  "reddish-purple": "rules",
};

export function predicateLabel(predicate: string): string {
  return labels[predicate] ?? predicate;
}

/** How a fact's relation reads between its sides: what is promised has not happened yet. */
export function relation({ predicate, modality }: { predicate: string; modality: string }): string {
  return predicate === "transferredTo" && modality !== "asserted"
    ? "is to be transferred to"
    : predicateLabel(predicate);
}

export function predicateStyle(predicate: string) {
  const style = styles.predicates[predicate] ?? styles.predicates.other;
  return { ...style, color: colour(style.color), family: families[style.color] ?? ("plain" as Family) };
}

/** The look of a class, or of the nearest of its parents that has one. */
export function classStyle(name: string) {
  for (let c: string | undefined = name; c; c = parents[c]) {
    const style = styles.classes[c];
    if (style) return { ...style, fill: colour(style.fill) };
  }
  return { shape: "ellipse" as const, fill: colour("light-grey") };
}

/** Whether a class is another or comes under it. */
export function isA(name: string | undefined, ancestor: string): boolean {
  for (let c = name; c; c = parents[c]) if (c === ancestor) return true;
  return false;
}
