import { linkTo } from "./routing";
import { texts } from "./texts";

/** Where in the console something is changed or seen. */
export interface Place {
  link: string;
  label: string;
}

const proxy: Place = { link: linkTo(["options", "source"], { at: "proxy" }), label: texts.places.proxy };
const source: Place = { link: linkTo(["options", "source"]), label: texts.places.source };
const languages: Place = { link: linkTo(["options", "languages"]), label: texts.places.languages };
const schedule: Place = { link: linkTo(["options", "schedule"]), label: texts.places.schedule };
const synchronizations: Place = { link: linkTo(["synchronizations"]), label: texts.places.synchronizations };

/** Where the cause of a failed synchronization is mended; null where that is not in the console. */
export function placeOfError(code: string): Place | null {
  if (code.startsWith("net.proxy")) {
    return proxy;
  }
  return /^(net|upstream)\.|^sync\.no_upstream$/.test(code) ? source : null;
}

/** Where what a check of the doctor found is mended; nothing for what is in order. */
export function placeOfCheck(check: string, evidence: readonly string[]): Place | null {
  const code = evidence.find((line) => line.startsWith("code "))?.slice("code ".length);
  if (code !== undefined && check !== "content_folder") {
    return placeOfError(code);
  }
  switch (check) {
    case "proxy":
      return proxy;
    case "upstream_name":
    case "services":
    case "ports":
    case "tls":
      return source;
    case "parent":
      return languages;
    case "last_synchronization":
      return synchronizations;
    default:
      return null;
  }
}

/** Where what an event tells of is mended, or seen. */
export function placeOfEvent(number: number, evidence: readonly string[]): Place | null {
  if (number === 10021 || number === 386) {
    const code = evidence.find((line) => line.startsWith("code: "))?.slice("code: ".length) ?? "";
    return placeOfError(code) ?? synchronizations;
  }
  return number === 10022 ? schedule : null;
}
