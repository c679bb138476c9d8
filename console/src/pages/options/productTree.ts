import type { Category, Choice } from "../../api/types";

// Which of a tree of companies, families and products are chosen: one that is chosen stands for all below it. Pure.

export interface ProductNode {
  category: Category;
  children: ProductNode[];
}

export type Tick = boolean | "mixed";

/** Above all companies: "everything, and what comes later". */
export const everything = "*";

/** What has no parent that is known stands at the top. The order of the list is kept. */
export function treeOf(categories: readonly Category[]): ProductNode[] {
  const nodes = new Map(categories.map((category) => [category.id, { category, children: [] as ProductNode[] }]));
  const roots: ProductNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.category.parent === null ? undefined : nodes.get(node.category.parent);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** How each node is ticked. */
export function ticksOf(tree: readonly ProductNode[], choice: Choice): Map<string, Tick> {
  const chosen = new Set(choice.ids);
  const ticks = new Map<string, Tick>();
  const visit = (node: ProductNode, covered: boolean): Tick => {
    const whole = covered || chosen.has(node.category.id);
    const below = node.children.map((child) => visit(child, whole));
    const tick = whole || (below.some((one) => one !== false) ? "mixed" : false);
    ticks.set(node.category.id, tick);
    return tick;
  };
  const below = tree.map((node) => visit(node, choice.all));
  ticks.set(everything, choice.all || (below.some((one) => one !== false) ? "mixed" : false));
  return ticks;
}

function pathTo(tree: readonly ProductNode[], id: string): ProductNode[] | null {
  for (const node of tree) {
    if (node.category.id === id) {
      return [node];
    }
    const below = pathTo(node.children, id);
    if (below !== null) {
      return [node, ...below];
    }
  }
  return null;
}

function idsUnder(node: ProductNode): string[] {
  return [node.category.id, ...node.children.flatMap(idsUnder)];
}

/**
 * Ticks what is not wholly chosen, and unticks what is. Where something above stood for it, its neighbours
 * are chosen one by one instead. What is chosen and not in the tree stays chosen.
 */
export function toggled(tree: readonly ProductNode[], choice: Choice, id: string): Choice {
  if (id === everything) {
    return choice.all ? { all: false, ids: [] } : { all: true, ids: [] };
  }
  const path = pathTo(tree, id);
  const node = path?.at(-1);
  if (!path || !node) {
    return choice;
  }
  const chosen = new Set(choice.ids);
  const coveredFrom = choice.all ? -1 : path.findIndex((one) => chosen.has(one.category.id));
  const isChosen = choice.all || coveredFrom >= 0;
  for (const under of idsUnder(node)) {
    chosen.delete(under);
  }
  if (!isChosen) {
    chosen.add(id);
    return { all: false, ids: [...chosen] };
  }
  // From what stood for it down to it: each one is replaced by the others beside the path.
  for (let depth = coveredFrom; depth < path.length - 1; depth += 1) {
    const above = depth < 0 ? null : path[depth];
    if (above) {
      chosen.delete(above.category.id);
    }
    for (const beside of above?.children ?? tree) {
      if (beside !== path[depth + 1]) {
        chosen.add(beside.category.id);
      }
    }
  }
  return { all: false, ids: [...chosen] };
}

/** What has the words in its name, with all above it and all below it. */
export function matching(tree: readonly ProductNode[], words: string): ProductNode[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") {
    return [...tree];
  }
  return tree.flatMap((node) => {
    if (node.category.title.toLowerCase().includes(wanted)) {
      return [node];
    }
    const children = matching(node.children, words);
    return children.length > 0 ? [{ ...node, children }] : [];
  });
}

/** All nodes that have others below them. */
export function branchesOf(tree: readonly ProductNode[]): string[] {
  return tree.flatMap((node) => (node.children.length > 0 ? [node.category.id, ...branchesOf(node.children)] : []));
}
