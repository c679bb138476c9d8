// The one place where the non-template part of Asio and Beast is compiled.

#include "net/asio.hpp"

// GCC 12 sees null in the scheduler's "this thread", which is set wherever it is used.
#pragma GCC diagnostic ignored "-Wnull-dereference"
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
