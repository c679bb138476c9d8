import { makeStyles, Subtitle1, tokens } from "@fluentui/react-components";
import { useMemo } from "react";
import { useClassifications, useProducts } from "../../api/queries";
import type { Category, SyncOptions } from "../../api/types";
import { Answer } from "../../components/Answer";
import { narrow } from "../../components/layout";
import { texts } from "../../texts";
import { ClassificationList } from "./ClassificationList";
import { useFieldStyles } from "./fields";
import { OptionsForm } from "./OptionsForm";
import { ProductTree } from "./ProductTree";
import { useDraft } from "./useDraft";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 2fr) minmax(220px, 1fr)",
    gap: tokens.spacingHorizontalXXL,
    alignItems: "start",
    [narrow]: { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  column: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, minWidth: 0 },
});

export function ProductsTab({ options }: { options: SyncOptions }) {
  const styles = useStyles();
  const fields = useFieldStyles();
  const products = useProducts();
  const classifications = useClassifications();
  const server = useMemo(
    () => ({ products: options.products, classifications: options.classifications }),
    [options.products, options.classifications],
  );
  const { value, dirty, change, reset } = useDraft(server);
  return (
    <OptionsForm dirty={dirty} valid reset={reset} toChange={() => value}>
      <div className={styles.columns}>
        <section className={styles.column}>
          <Subtitle1 as="h2" className={fields.heading}>
            {texts.products.products}
          </Subtitle1>
          <div className={fields.hint}>{texts.products.family}</div>
          <Answer query={products}>
            {(list: Category[]) =>
              list.length === 0 ? (
                <div>{texts.products.empty}</div>
              ) : (
                <ProductTree
                  products={list}
                  choice={value.products}
                  onChange={(choice) => change({ products: choice })}
                />
              )
            }
          </Answer>
        </section>
        <section className={styles.column}>
          <Subtitle1 as="h2" className={fields.heading}>
            {texts.products.classifications}
          </Subtitle1>
          <Answer query={classifications}>
            {(list: Category[]) =>
              list.length === 0 ? (
                <div>{texts.products.emptyClassifications}</div>
              ) : (
                <ClassificationList
                  classifications={list}
                  choice={value.classifications}
                  onChange={(choice) => change({ classifications: choice })}
                />
              )
            }
          </Answer>
        </section>
      </div>
    </OptionsForm>
  );
}
