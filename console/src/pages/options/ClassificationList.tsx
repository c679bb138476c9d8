import { Checkbox, makeStyles } from "@fluentui/react-components";
import type { Category, Choice } from "../../api/types";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";

const useStyles = makeStyles({
  list: { display: "flex", flexDirection: "column" },
  item: { marginLeft: "24px" },
});

interface Props {
  classifications: Category[];
  choice: Choice;
  onChange: (choice: Choice) => void;
}

export function ClassificationList({ classifications, choice, onChange }: Props) {
  const styles = useStyles();
  const disabled = !useCanChange();
  const known = classifications.map((one) => one.id);
  const toggle = (id: string, checked: boolean) => {
    const before = choice.all ? known : choice.ids;
    onChange({ all: false, ids: checked ? [...before, id] : before.filter((one) => one !== id) });
  };
  return (
    <div className={styles.list} role="group" aria-label={texts.products.classifications}>
      <Checkbox
        label={texts.products.allClassifications}
        disabled={disabled}
        checked={choice.all || (choice.ids.length > 0 ? "mixed" : false)}
        onChange={(_, { checked }) => onChange({ all: checked === true, ids: [] })}
      />
      {classifications.map((one) => (
        <Checkbox
          key={one.id}
          className={styles.item}
          label={one.title}
          disabled={disabled}
          checked={choice.all || choice.ids.includes(one.id)}
          onChange={(_, { checked }) => toggle(one.id, checked === true)}
        />
      ))}
    </div>
  );
}
