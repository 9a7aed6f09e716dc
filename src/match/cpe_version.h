/*
 * Version and update: CPE has two attributes for what a project writes as one text ("7.2p2").
 */
#ifndef TU_MATCH_CPE_VERSION_H
#define TU_MATCH_CPE_VERSION_H

#include <tutela/cpe.h>

#include "match/identity.h"

/* "7.2p2", "7.2-P2", "1.2.0_rc1": a number, a word for an update, its number. False: the text is
 * not of that form; a single letter ("1.0.2k") is part of the version. */
bool tu_match__split_update(
	struct tu_str version, struct tu_str *out_base, struct tu_str *out_update);

/* Is the component's update the one that a record's CPE name states? Both in plain text; "patch1",
 * "p1" and "pl_1" are the same. */
bool tu_match__same_update(struct tu_str a, struct tu_str b);

/* Two updates of one kind in different words ("patch2", "p3"): their texts have no order. */
bool tu_match__is_other_word(struct tu_str a, struct tu_str b);

/* Does this word, with or without a number, stand before the release? */
bool tu_match__is_prerelease(struct tu_str update);

#endif
