/*
 * npm's rule for pre-releases (node-semver's README, "Prerelease Tags").
 */
#ifndef TU_VERSION_NPM_H
#define TU_VERSION_NPM_H

#include <tutela/range.h>

/* A version that lies between the ends: is it a release, or has an end the same three numbers and
 * a pre-release of its own? */
bool tu_npm_admits(const struct tu_interval *interval, struct tu_str version);

#endif
