#pragma once
// What the rooms of the house do, as events: one function for each thing that happens. Any thread
// may call them; they wait for nothing.

#include <boost/json.hpp>
#include <string>

#include "diagnosis/journal.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

/// 381 or 382, by the kind of the run.
void tell_started(Journal& journal, const store::SyncRun& run);
/// 384, 386 with the full error, or 387. A failed run begins 10021, a good one ends it.
void tell_finished(Journal& journal, const store::SyncRun& run);
/// 364 for a file that has failed for good; nothing for another.
void tell_file(Journal& journal, const store::FileRecord& file);
/// 389, with each field that differs as evidence; nothing where none does.
/// @param what   "The synchronization options"
/// @param before, after  objects as the API shows them, without passwords
void tell_option_changed(Journal& journal, const std::string& what,
                         const std::string& administrator, const boost::json::value& before,
                         const boost::json::value& after);

}  // namespace headwater::diagnosis
