/*
 * Markets: a closed list. A market is a country by its code (ISO 3166-1), the European Union, or a
 * name that stands for one of them; each has the rules of one jurisdiction, or none that are known.
 *
 * Threads: pure.
 */
#ifndef TUTELA_MARKET_H
#define TUTELA_MARKET_H

#include <tutela/attr.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_market {
	const char *code; /* "DE", "EU" */
	const char *name; /* "Germany"; the code where this list has no name */
	/* Whose rules apply: "EU" for its member states and those of the European Economic Area,
	 * "US", "CH", "CA"; "" where none are known. */
	const char *rules;
};

/* Find a market by its code of two or three letters or its English name; ASCII case folded, '-',
 * '_' and space alike. False: it is none. Static storage. */
TU_API bool tu_market_find(struct tu_str word, struct tu_market *out_market);

TU_END_C

#endif
