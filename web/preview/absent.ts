/** Stands for libraries of Mermaid that are left out: ELK (its licence), KaTeX (its size; formulas are shown as written). */
export default class Absent {
  static renderToString = (source: string) => source;
  constructor() {
    throw new Error("The layout ELK is not part of this program. Leave it out of the diagram.");
  }
}
