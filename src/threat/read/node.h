/* Members of foreign documents: absent ones are empty, never an error. */
#ifndef TU_THREAT_READ_NODE_H
#define TU_THREAT_READ_NODE_H

#include "base/yaml.h"

static inline const struct tu_yaml *tu_node(const struct tu_yaml *map, const char *key)
{
	return map ? tu_yaml_get(map, tu_str_c(key)) : NULL;
}

/* The text of a scalar, trimmed; empty for null and anything else. */
static inline struct tu_str tu_node_text(const struct tu_yaml *map, const char *key)
{
	const struct tu_yaml *node = tu_node(map, key);

	return node && node->kind == TU_YAML_SCALAR && !tu_yaml_is_null(node)
		? tu_str_trim(node->text)
		: (struct tu_str){"", 0};
}

static inline bool tu_node_true(const struct tu_yaml *map, const char *key)
{
	const struct tu_yaml *node = tu_node(map, key);
	bool value = false;

	return node && tu_yaml_bool(node, &value) && value;
}

#endif
