/*
 * The schemas of CSAF as tables, made at build time from the official files (data/csaf,
 * tools/csaf-schema.py).
 */
#ifndef TU_CSAF_SCHEMA_H
#define TU_CSAF_SCHEMA_H

#include "csaf/csaf.h"

/* One text, a list of texts, an object, a list of objects; FREE: not looked at here. */
enum tu_csaf_form {
	TU_CSAF_TEXT_ONE,
	TU_CSAF_TEXTS,
	TU_CSAF_OBJECT,
	TU_CSAF_OBJECTS,
	TU_CSAF_FREE
};

struct tu_csaf_shape;

/* A member of an object. */
struct tu_csaf_field {
	const char *name;
	bool required;
	enum tu_csaf_form form;
	enum tu_csaf_rule rule; /* of texts */
	const char *words; /* what a text may be, separated by spaces; NULL: the rule alone */
	const struct tu_csaf_shape *shape; /* of objects */
	bool unique; /* items of a list must differ */
	uint8_t least; /* items of a list */
};

struct tu_csaf_shape {
	const struct tu_csaf_field *fields; /* by name */
	size_t count;
	uint8_t least; /* members */
	uint8_t most; /* 0: no limit */
};

extern const struct tu_csaf_shape *const tu_csaf_schema_20;
extern const struct tu_csaf_shape *const tu_csaf_schema_21;
extern const struct tu_csaf_shape *const tu_csaf_schema_extension; /* an item of x_extensions */

#endif
