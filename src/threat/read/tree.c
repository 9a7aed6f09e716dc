#include "threat/read/tree.h"

static struct tu_yaml *copy_of(struct tu_building *building, const struct tu_yaml *from)
{
	struct tu_yaml *copy = tu_arena_alloc(building->arena, sizeof(*copy));

	if (!copy) {
		building->failed = true;
		return NULL;
	}
	*copy = *from;
	copy->next = NULL;
	return copy;
}

struct tu_branch tu_branch_begin(
	struct tu_building *building, enum tu_yaml_kind kind, const struct tu_yaml *from)
{
	struct tu_branch branch = {.building = building, .node = copy_of(building, from)};

	if (branch.node) {
		branch.node->kind = kind;
		branch.node->text = (struct tu_str){0};
		branch.node->first = NULL;
		branch.node->count = 0;
	}
	return branch;
}

static void append(struct tu_branch *branch, struct tu_str key, struct tu_yaml *child)
{
	if (!branch->node || !child)
		return;
	child->key = key;
	child->index = branch->node->count++;
	if (branch->last)
		branch->last->next = child;
	else
		branch->node->first = child;
	branch->last = child;
}

void tu_branch_add_str(struct tu_branch *branch, struct tu_str key, const struct tu_yaml *value)
{
	if (value)
		append(branch, key, copy_of(branch->building, value));
}

void tu_branch_add(struct tu_branch *branch, const char *key, const struct tu_yaml *value)
{
	tu_branch_add_str(branch, tu_str_c(key), value);
}

void tu_branch_add_text(
	struct tu_branch *branch, const char *key, struct tu_str text, const struct tu_yaml *from)
{
	struct tu_branch leaf = tu_branch_begin(branch->building, TU_YAML_SCALAR, from);

	if (!leaf.node)
		return;
	leaf.node->plain = false;
	leaf.node->text = text;
	append(branch, tu_str_c(key), leaf.node);
}

const struct tu_yaml *tu_tree_get(const struct tu_yaml *map, const char *path)
{
	struct tu_str rest = tu_str_c(path), part;

	while (map && tu_str_split(&rest, '/', &part))
		map = tu_yaml_get(map, part);
	return map && !tu_yaml_is_null(map) ? map : NULL;
}
