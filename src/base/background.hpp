#pragma once
// Work that must not make anybody wait.

namespace headwater {

/// The calling thread, and the threads that it begins from now on, yield the processors to all
/// others of the program that have something to do. It cannot be taken back: the thread ends so.
void become_background_thread();

}  // namespace headwater
