import {
  Button,
  makeStyles,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from "@fluentui/react-components";
import { Delete16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useChangeUser, useRemoveUser } from "../../api/queries";
import type { Role, User } from "../../api/types";
import { useUser } from "../../app/user";
import { FormDialog } from "../../components/FormDialog";
import { narrow } from "../../components/layout";
import { ProblemBar } from "../../components/ProblemBar";
import { formatTime } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  role: { width: "170px" },
  time: { width: "170px", [narrow]: { display: "none" } },
  action: { width: "56px" },
});

export function UserTable({ users }: { users: User[] }) {
  const styles = useStyles();
  const me = useUser();
  const change = useChangeUser();
  const remove = useRemoveUser();
  const [removing, setRemoving] = useState<string | null>(null);
  return (
    <>
      <ProblemBar error={change.error} />
      <Table aria-label={texts.users.list}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{texts.users.name}</TableHeaderCell>
            <TableHeaderCell className={styles.role}>{texts.users.role}</TableHeaderCell>
            <TableHeaderCell className={styles.time}>{texts.users.created}</TableHeaderCell>
            <TableHeaderCell className={styles.time}>{texts.users.lastSignIn}</TableHeaderCell>
            <TableHeaderCell className={styles.action} aria-label={texts.users.remove} />
          </TableRow>
        </TableHeader>
        <TableBody>
          {users.map(({ name, role, created, last_sign_in: last }) => (
            <TableRow key={name}>
              <TableCell>
                {name}
                {name === me.name && ` (${texts.users.you})`}
              </TableCell>
              <TableCell className={styles.role}>
                <Select
                  size="small"
                  aria-label={texts.users.roleOf(name)}
                  value={role}
                  disabled={change.isPending}
                  onChange={(_, { value }) => change.mutate({ name, role: value as Role })}
                >
                  <option value="administrator">{texts.roles.administrator}</option>
                  <option value="reporter">{texts.roles.reporter}</option>
                </Select>
              </TableCell>
              <TableCell className={styles.time}>{formatTime(created)}</TableCell>
              <TableCell className={styles.time}>{last === null ? texts.users.never : formatTime(last)}</TableCell>
              <TableCell className={styles.action}>
                <Button
                  appearance="subtle"
                  icon={<Delete16Regular />}
                  aria-label={texts.users.removeNamed(name)}
                  onClick={() => {
                    remove.reset();
                    setRemoving(name);
                  }}
                />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {removing !== null && (
        <FormDialog
          title={texts.users.removeTitle(removing)}
          submit={texts.users.removeIt}
          valid
          pending={remove.isPending}
          error={remove.error}
          onSubmit={() => remove.mutate(removing, { onSuccess: () => setRemoving(null) })}
          onClose={() => setRemoving(null)}
        >
          {texts.users.removeText}
        </FormDialog>
      )}
    </>
  );
}
