import { Body1, Button } from "@fluentui/react-components";
import { PersonAdd20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useUsers } from "../../api/queries";
import type { User } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Answer } from "../../components/Answer";
import { Page } from "../../components/Page";
import { texts } from "../../texts";
import { AddUser } from "./AddUser";
import { UserTable } from "./UserTable";

export function UsersPage() {
  const canChange = useCanChange();
  const [adds, setAdds] = useState(false);
  if (!canChange) {
    return (
      <Page title={texts.users.title}>
        <Body1>{texts.users.onlyAdministrators}</Body1>
      </Page>
    );
  }
  const add = (
    <Button appearance="primary" icon={<PersonAdd20Regular />} onClick={() => setAdds(true)}>
      {texts.users.add}
    </Button>
  );
  return (
    <Page title={texts.users.title} actions={add}>
      <List />
      {adds && <AddUser onClose={() => setAdds(false)} />}
    </Page>
  );
}

function List() {
  const users = useUsers();
  return <Answer query={users}>{(list: User[]) => <UserTable users={list} />}</Answer>;
}
