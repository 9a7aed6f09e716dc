/*
 * The parts of a Python version (PEP 440), for its key and for version specifiers.
 */
#ifndef TU_VERSION_PEP440_H
#define TU_VERSION_PEP440_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/str.h>

/* Views into the parsed text; numbers are digit runs, empty means zero. */
struct tu_pep440 {
	struct tu_str epoch;
	struct tu_str release; /* "1.2.0" */
	unsigned char pre; /* class of the pre-release, 0: none */
	struct tu_str pre_number;
	bool post;
	struct tu_str post_number;
	bool dev;
	struct tu_str dev_number;
	bool has_local;
	struct tu_str local;
};

/* How much of the key to write. Everything that shares the parts written so far has that key as
 * a prefix: a bound of the prefix and 0xff lies after all of them. */
enum tu_pep440_depth { TU_PEP440_TO_PRE, TU_PEP440_TO_DEV, TU_PEP440_WHOLE };

bool tu_pep440_parse(struct tu_str version, struct tu_pep440 *out);
void tu_pep440_key(const struct tu_pep440 *v, enum tu_pep440_depth depth, struct tu_buf *out);

#endif
