declare module "virtual:demarc" {
  interface ClassStyle {
    shape: "box" | "rounded" | "ellipse" | "hexagon" | "octagon" | "diamond" | "note" | "plain";
    fill: string;
  }
  interface PredicateStyle {
    color: string;
    arrow: "normal" | "open" | "diamond" | "dot" | "none";
    width: number;
  }
  const data: {
    styles: {
      palette: Record<string, string>;
      classes: Record<string, ClassStyle>;
      predicates: Record<string, PredicateStyle> & { other: PredicateStyle };
    };
    labels: Record<string, string>;
    parents: Record<string, string>;
  };
  export default data;
}
