/*
 * YAML reading: one document into a tree in an arena (see yaml_events.h). JSON is YAML.
 *
 * What people write by hand, and no more: maps with text keys, lists, scalars. Refused, each with
 * its place: duplicate keys, anchors, tags, a second document, and what yaml_events.h refuses.
 * Scalars stay text; whether one was quoted is kept.
 */
#ifndef TU_BASE_YAML_H
#define TU_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum tu_yaml_kind { TU_YAML_SCALAR, TU_YAML_LIST, TU_YAML_MAP };

struct tu_yaml {
	enum tu_yaml_kind kind;
	bool plain; /* a scalar without quotes */
	uint32_t line; /* from 1 */
	uint32_t column; /* from 1, in characters */
	struct tu_str text; /* of a scalar */
	struct tu_str key; /* its name in a map */
	uint32_t key_line;
	uint32_t key_column;
	size_t index; /* place in its list or map */
	size_t count; /* of children */
	const struct tu_yaml *parent;
	const struct tu_yaml *first; /* child */
	const struct tu_yaml *next; /* sibling */
};

/* Limits; zero means the default in brackets. A map has at most TU_YAML_KEYS_MAX keys. */
struct tu_yaml_limits {
	size_t bytes; /* [16 MiB] */
	size_t depth; /* [32] */
	size_t nodes; /* [500,000] */
	bool aliases; /* anchors and aliases are read, and "<<" adds the members of maps that are
			 not there: each copy counts as nodes. For forms of others: people who
			 write ours write values out */
};

enum { TU_YAML_KEYS_MAX = 1024 };

/* Read `text`; `file` names it in errors, which have line and column. `limits` may be NULL. An
 * empty document is an empty map. TU_E_SYNTAX, TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_yaml_parse(struct tu_arena *arena, struct tu_str file,
	struct tu_str text, const struct tu_yaml_limits *limits, const struct tu_yaml **out_root,
	struct tu_error *err);

/* The member of a map; NULL when there is none or `map` is no map (or NULL). */
const struct tu_yaml *tu_yaml_get(const struct tu_yaml *map, struct tu_str key);
/* null, ~ or nothing at all, without quotes. */
bool tu_yaml_is_null(const struct tu_yaml *node);
/* true or false, without quotes, ASCII case folded; false for anything else. */
bool tu_yaml_bool(const struct tu_yaml *node, bool *out_value);
/* Append the JSON pointer of a node: "/releases/1/sbom"; nothing for the root. */
void tu_yaml_pointer(const struct tu_yaml *node, struct tu_buf *out);
/* "a text", "a list", "a map": for messages. */
const char *tu_yaml_kind_name(enum tu_yaml_kind kind);

/* Append a node as JSON: null, true and false without quotes are what they say, every other scalar
 * is a string with its text, a number too ("1.10" is a version). */
void tu_yaml_to_json(const struct tu_yaml *node, struct tu_buf *out);

/* Report an error at a node: file, line, column and pointer. */
enum tu_status tu_yaml_fail(struct tu_error *err, enum tu_status status, struct tu_str file,
	const struct tu_yaml *node, const char *fmt, ...) TU_PRINTF(5, 6);

/* Append a scalar so that it reads back as the same text: plain where that is safe, else in double
 * quotes; a text of several lines as a block indented by `indent` spaces. Without a line end. */
void tu_yaml_write_scalar(struct tu_str text, size_t indent, struct tu_buf *out);

#endif
