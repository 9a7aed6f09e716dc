/*
 * YAML reading, event by event: the only place that drives libyaml. JSON is YAML.
 *
 * Whoever reads gets documents, containers and scalars in order. Refused here, each with its
 * place: text that is not well-formed, aliases (a few lines of them stand for gigabytes) unless the
 * visitor wants them, keys that are not scalars, nesting beyond a limit. A UTF-8 byte order mark is
 * skipped.
 */
#ifndef TU_BASE_YAML_EVENTS_H
#define TU_BASE_YAML_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include <tutela/error.h>
#include <tutela/str.h>

enum tu_yaml_event_kind {
	TU_YAML_DOCUMENT, /* a document begins */
	TU_YAML_KEY, /* of the map that is open */
	TU_YAML_TEXT, /* a scalar that is not a key */
	TU_YAML_ALIAS, /* in the place of a value: `text` is the anchor's name */
	TU_YAML_OPEN_MAP,
	TU_YAML_OPEN_LIST,
	TU_YAML_CLOSE_MAP,
	TU_YAML_CLOSE_LIST,
};

struct tu_yaml_event {
	enum tu_yaml_event_kind kind;
	struct tu_str text; /* of a key or text; valid during the call */
	bool plain; /* a key or text without quotes */
	bool has_properties; /* an anchor (&) or a tag (!) */
	struct tu_str anchor; /* its name, may be empty; valid during the call */
	size_t line; /* from 1 */
	size_t column; /* from 1, in characters */
};

struct tu_yaml_visitor {
	/* Called for each event. Any status but TU_OK ends the reading and is its result. Setting
	 * `*done` ends it with success. */
	enum tu_status (*visit)(void *context, const struct tu_yaml_event *event, bool *done);
	void *context;
	size_t depth; /* the most containers inside each other */
	bool aliases; /* an alias is an event, not an error */
};

/* Read `text`. TU_E_SYNTAX or TU_E_LIMIT with line and column, TU_E_NOMEM, or what visit() said. */
TU_NODISCARD enum tu_status tu_yaml_each(
	struct tu_str text, const struct tu_yaml_visitor *visitor, struct tu_error *err);

/* Report an error at an event. */
enum tu_status tu_yaml_fail_at_event(struct tu_error *err, enum tu_status status,
	const struct tu_yaml_event *event, const char *fmt, ...) TU_PRINTF(4, 5);

#endif
