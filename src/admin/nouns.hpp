#pragma once
// The operations of the API, a function for each noun, each in a file of its own name.

#include "admin/api.hpp"
#include "admin/dispatch.hpp"
#include "admin/waiting.hpp"

namespace headwater::admin {

/// Whom the history names for what came over the local socket.
inline constexpr const char* kLocalAdministrator = "local";

void add_status(Dispatch& dispatch, Services& services);
void add_options(Dispatch& dispatch, Services& services);
void add_synchronization(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_categories(Dispatch& dispatch, Services& services);
void add_updates(Dispatch& dispatch, Services& services);
void add_update_details(Dispatch& dispatch, Services& services);
void add_approvals(Dispatch& dispatch, Services& services);
void add_rules(Dispatch& dispatch, Services& services);
void add_groups(Dispatch& dispatch, Services& services);
void add_computers(Dispatch& dispatch, Services& services);
void add_content(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_content_tasks(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_content_options(Dispatch& dispatch, Services& services);
void add_transfers(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_doctor(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_events(Dispatch& dispatch, Services& services, const Waiting::Count& waiting);
void add_users(Dispatch& dispatch, Services& services);

/// What `GET synchronization` answers: progress, the next run, the waiting retry.
[[nodiscard]] boost::json::object synchronization_state(const Services& services,
                                                        const upstream::Progress& progress);

}  // namespace headwater::admin
