import { describe, expect, it } from "vitest";
import type { Category, Choice } from "../../api/types";
import { branchesOf, everything, matching, ticksOf, toggled, treeOf } from "./productTree";

function category(id: string, parent: string | null): Category {
  return { id, title: `Title ${id}`, type: "product", parent, chosen: false, updates: 0 };
}

// company: office (office24, office27), windows (w11); other: o1
const tree = treeOf([
  category("office24", "office"),
  category("company", null),
  category("office", "company"),
  category("office27", "office"),
  category("windows", "company"),
  category("w11", "windows"),
  category("other", null),
  category("o1", "other"),
]);
const choice = (...ids: string[]): Choice => ({ all: false, ids });
const ids = (one: Choice) => [...one.ids].sort();

describe("the tree", () => {
  it("puts each under its parent, and what has none known at the top", () => {
    expect(tree.map((node) => node.category.id)).toEqual(["company", "other"]);
    expect(branchesOf(tree).sort()).toEqual(["company", "office", "other", "windows"]);
    expect(treeOf([category("x", "gone")]).map((node) => node.category.id)).toEqual(["x"]);
  });

  it("ticks all below what is chosen, and half of what is above", () => {
    const ticks = ticksOf(tree, choice("office"));
    expect(Object.fromEntries(ticks)).toEqual({
      [everything]: "mixed",
      company: "mixed",
      office: true,
      office24: true,
      office27: true,
      windows: false,
      w11: false,
      other: false,
      o1: false,
    });
  });

  it("ticks everything where all are chosen", () => {
    expect([...ticksOf(tree, { all: true, ids: [] }).values()].every((tick) => tick === true)).toBe(true);
  });
});

describe("choosing", () => {
  it("a family takes the place of its products", () => {
    expect(ids(toggled(tree, choice("office24", "w11"), "office"))).toEqual(["office", "w11"]);
  });

  it("again takes it away", () => {
    expect(toggled(tree, choice("office"), "office")).toEqual(choice());
  });

  it("away one product of a chosen company leaves all the others chosen", () => {
    const left = toggled(tree, choice("company", "gone"), "office24");
    expect(ids(left)).toEqual(["gone", "office27", "windows"]);
    expect(ticksOf(tree, left).get("office24")).toBe(false);
    expect(ticksOf(tree, left).get("w11")).toBe(true);
  });

  it("away one of everything leaves all the others chosen", () => {
    expect(ids(toggled(tree, { all: true, ids: [] }, "w11"))).toEqual(["office", "other"]);
  });

  it("everything, and nothing", () => {
    expect(toggled(tree, choice("w11"), everything)).toEqual({ all: true, ids: [] });
    expect(toggled(tree, { all: true, ids: [] }, everything)).toEqual(choice());
  });

  it("what is half chosen makes it whole", () => {
    expect(ids(toggled(tree, choice("office24", "w11"), "company"))).toEqual(["company"]);
  });

  it("what is not in the tree changes nothing", () => {
    expect(toggled(tree, choice("office"), "unknown")).toEqual(choice("office"));
  });
});

describe("searching", () => {
  it("shows what matches with what is above and below it", () => {
    const found = matching(tree, " OFFICE24 ");
    expect(found.map((node) => node.category.id)).toEqual(["company"]);
    expect(found[0]?.children.map((node) => node.category.id)).toEqual(["office"]);
    expect(found[0]?.children[0]?.children.map((node) => node.category.id)).toEqual(["office24"]);
    expect(matching(tree, "title office")[0]?.children[0]?.children).toHaveLength(2);
  });

  it("shows all without words, and nothing where nothing matches", () => {
    expect(matching(tree, "  ")).toHaveLength(2);
    expect(matching(tree, "nothing")).toEqual([]);
  });
});
