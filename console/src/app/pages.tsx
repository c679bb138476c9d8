import {
  ArrowDownload20Regular,
  ArrowSync20Regular,
  History20Regular,
  People20Regular,
  Settings20Regular,
  Stethoscope20Regular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { DoctorPage } from "../pages/doctor/DoctorPage";
import { EventsPage } from "../pages/events/EventsPage";
import { OptionsPage } from "../pages/options/OptionsPage";
import { SynchronizationsPage } from "../pages/synchronizations/SynchronizationsPage";
import { TransfersPage } from "../pages/transfers/TransfersPage";
import { UsersPage } from "../pages/users/UsersPage";
import type { Route } from "../routing";
import { texts } from "../texts";

export interface PageEntry {
  /** The first part of the place. */
  name: string;
  title: string;
  icon: ReactElement;
  render: (route: Route) => ReactElement;
  administratorsOnly?: boolean;
}

/** The pages, in the order of the navigation; the first one is the start page. */
export const pages: readonly [PageEntry, ...PageEntry[]] = [
  {
    name: "synchronizations",
    title: texts.navigation.synchronizations,
    icon: <ArrowSync20Regular />,
    render: (route) => <SynchronizationsPage route={route} />,
  },
  {
    name: "transfers",
    title: texts.navigation.transfers,
    icon: <ArrowDownload20Regular />,
    render: () => <TransfersPage />,
  },
  {
    name: "options",
    title: texts.navigation.options,
    icon: <Settings20Regular />,
    render: (route) => <OptionsPage key={route.path[1]} route={route} />,
  },
  {
    name: "doctor",
    title: texts.navigation.doctor,
    icon: <Stethoscope20Regular />,
    render: () => <DoctorPage />,
  },
  {
    name: "events",
    title: texts.navigation.events,
    icon: <History20Regular />,
    render: (route) => <EventsPage route={route} />,
  },
  {
    name: "users",
    title: texts.navigation.users,
    icon: <People20Regular />,
    render: () => <UsersPage />,
    administratorsOnly: true,
  },
];

export function pageOf(route: Route): PageEntry {
  return pages.find((page) => page.name === route.path[0]) ?? pages[0];
}
