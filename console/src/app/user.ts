import { useSession } from "../api/queries";

/** Who is signed in: pages are shown to a signed-in user alone. */
export function useUser() {
  return useSession().data?.user ?? { name: "", role: "reporter" as const };
}

export function useCanChange(): boolean {
  return useUser().role === "administrator";
}
