/*
 * Which products a component's name stands for, read from files into a builder.
 *
 * Two forms, distinguished by content: our own table (data/aliases/products.tsv: name, CPE vendor,
 * CPE product, version scheme, tab-separated, "#" begins a comment) and purl2cpe's pages as JSON
 * lines
 * ({"path": ".../cpes.yml", "cpes": […]} followed by {"path": ".../purls.yml", "purls": […]}).
 */
#ifndef TU_KB_ALIASES_H
#define TU_KB_ALIASES_H

#include <tutela/kb.h>

struct tu_kb_name {
	struct tu_str name, vendor, product;
	enum tu_scheme scheme;
};

/* Where names go; another status than TU_OK ends the reading and is its result. */
struct tu_kb_name_sink {
	enum tu_status (*name)(void *context, const struct tu_kb_name *name, struct tu_error *err);
	void *context;
};

struct tu_kb_aliases_summary {
	size_t rows; /* pairs added */
	size_t problems; /* lines that were not understood; the first one is in `first` */
	struct tu_error first;
};

/* Is this text one of the two forms? */
bool tu_kb_is_aliases(struct tu_str text);

/* Hand on all pairs of `text` (64 readable bytes after it); adds to `*summary`. `name` is for
 * messages. TU_E_NOMEM, and what the sink fails with. */
TU_NODISCARD enum tu_status tu_kb_aliases_each(const struct tu_kb_name_sink *sink,
	struct tu_str name, struct tu_str text, struct tu_kb_aliases_summary *summary,
	struct tu_error *err);

/* Add all pairs of `text` to a builder, otherwise as above. Fails only when out of memory. */
TU_NODISCARD enum tu_status tu_kb_aliases_read(struct tu_kb_builder *builder, struct tu_str name,
	struct tu_str text, struct tu_kb_aliases_summary *summary, struct tu_error *err);

#endif
