#include "cli/program.hpp"

int main(int argc, char** argv) {
    return headwater::cli::run(argc, argv);
}
