import { Card, Image, makeStyles, Title3, tokens } from "@fluentui/react-components";
import { useEffect, type FormEvent, type ReactNode } from "react";

const useStyles = makeStyles({
  page: {
    minHeight: "100%",
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: tokens.spacingHorizontalL,
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: { width: "100%", maxWidth: "400px", boxSizing: "border-box", padding: tokens.spacingHorizontalXXL },
  head: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalM },
  title: { margin: 0 },
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

interface Props {
  title: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The frame of sign-in and set-up. */
export function SessionCard({ title, onSubmit, children }: Props) {
  const styles = useStyles();
  useEffect(() => {
    document.title = title;
  }, [title]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <div className={styles.head}>
          <Image src="/headwater.svg" alt="" width={32} height={32} />
          <Title3 as="h1" className={styles.title}>
            {title}
          </Title3>
        </div>
        <form className={styles.form} onSubmit={submit} noValidate>
          {children}
        </form>
      </Card>
    </main>
  );
}
