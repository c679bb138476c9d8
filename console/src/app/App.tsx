import { useSession } from "../api/queries";
import type { Session } from "../api/types";
import { Answer } from "../components/Answer";
import { SetupPage } from "../pages/session/SetupPage";
import { SignInPage } from "../pages/session/SignInPage";
import { Shell } from "./Shell";

/** The session decides what is shown. */
export function App() {
  const session = useSession();
  return <Answer query={session}>{(one: Session) => <Console session={one} />}</Answer>;
}

function Console({ session }: { session: Session }) {
  if (session.signed_in) {
    return <Shell />;
  }
  return session.setup_needed ? <SetupPage /> : <SignInPage />;
}
