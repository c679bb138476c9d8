import {
  Button,
  Input,
  makeStyles,
  tokens,
  Tree,
  TreeItem,
  TreeItemLayout,
  type TreeCheckedChangeData,
} from "@fluentui/react-components";
import { Search16Regular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import type { Category, Choice } from "../../api/types";
import { useCanChange } from "../../app/user";
import { formatCount } from "../../format";
import { texts } from "../../texts";
import { branchesOf, everything, matching, ticksOf, toggled, treeOf, type ProductNode } from "./productTree";

const useStyles = makeStyles({
  tools: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  search: { flexGrow: 1, minWidth: "180px" },
  box: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    maxHeight: "max(320px, calc(100vh - 420px))",
    overflowY: "auto",
  },
  count: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  none: { padding: tokens.spacingHorizontalM },
});

interface Props {
  products: Category[];
  choice: Choice;
  onChange: (choice: Choice) => void;
}

export function ProductTree({ products, choice, onChange }: Props) {
  const styles = useStyles();
  const canChange = useCanChange();
  const [words, setWords] = useState("");
  const tree = useMemo(() => treeOf(products), [products]);
  const ticks = useMemo(() => ticksOf(tree, choice), [tree, choice]);
  const branches = useMemo(() => [everything, ...branchesOf(tree)], [tree]);
  const [open, setOpen] = useState<string[]>(() => [everything, ...tree.map((node) => node.category.id)]);
  const shown = matching(tree, words);
  const searching = words.trim() !== "";

  const onChecked = (_: unknown, { value }: TreeCheckedChangeData) => {
    if (canChange) {
      onChange(toggled(tree, choice, String(value)));
    }
  };

  return (
    <>
      <div className={styles.tools}>
        <Input
          type="search"
          className={styles.search}
          contentBefore={<Search16Regular />}
          placeholder={texts.products.search}
          aria-label={texts.products.search}
          value={words}
          onChange={(_, { value }) => setWords(value)}
        />
        <Button appearance="subtle" onClick={() => setOpen(branches)}>
          {texts.products.expandAll}
        </Button>
        <Button appearance="subtle" onClick={() => setOpen([everything])}>
          {texts.products.collapseAll}
        </Button>
      </div>
      <div className={styles.box}>
        {shown.length === 0 ? (
          <div className={styles.none}>{texts.products.noMatch}</div>
        ) : (
          <Tree
            size="small"
            aria-label={texts.products.products}
            selectionMode="multiselect"
            checkedItems={ticks}
            openItems={searching ? branches : open}
            onOpenChange={(_, data) => !searching && setOpen([...data.openItems].map(String))}
            onCheckedChange={onChecked}
          >
            <TreeItem itemType="branch" value={everything}>
              <TreeItemLayout {...(!canChange && { selector: { disabled: true } })}>{texts.products.all}</TreeItemLayout>
              <Tree>
                {shown.map((node) => (
                  <Item key={node.category.id} node={node} canChange={canChange} />
                ))}
              </Tree>
            </TreeItem>
          </Tree>
        )}
      </div>
    </>
  );
}

function Item({ node, canChange }: { node: ProductNode; canChange: boolean }) {
  const styles = useStyles();
  const { category, children } = node;
  const count =
    category.updates > 0 ? (
      <span className={styles.count} aria-label={texts.products.updates(category.updates)}>
        {formatCount(category.updates)}
      </span>
    ) : null;
  return (
    <TreeItem itemType={children.length > 0 ? "branch" : "leaf"} value={category.id}>
      <TreeItemLayout aside={count} {...(!canChange && { selector: { disabled: true } })}>
        {category.title}
      </TreeItemLayout>
      {children.length > 0 && (
        <Tree>
          {children.map((child) => (
            <Item key={child.category.id} node={child} canChange={canChange} />
          ))}
        </Tree>
      )}
    </TreeItem>
  );
}
