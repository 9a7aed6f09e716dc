/* Tags of projects: those that somebody sees, with the number of projects that they see. */
#include <stdlib.h>

#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/result.h"

struct count {
	struct tu_str name;
	int64_t projects;
};

static int compare(const void *a, const void *b)
{
	return tu_str_cmp(((const struct count *)a)->name, ((const struct count *)b)->name);
}

/* One row a tag, sorted; the number of rows. */
static size_t gather(struct count *rows, const struct tu_projects *projects)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < projects->count; i++)
		for (size_t k = 0; k < projects->at[i].tag_count; k++)
			rows[count++] = (struct count){projects->at[i].tags[k], 1};
	if (count)
		qsort(rows, count, sizeof(*rows), compare);
	for (size_t i = 0; i < count; i++) {
		if (kept && tu_str_eq(rows[kept - 1].name, rows[i].name))
			rows[kept - 1].projects++;
		else
			rows[kept++] = rows[i];
	}
	return kept;
}

static void write_row(struct tu_json_writer *json, const struct count *row)
{
	static const char *const none[] = {"collectionProjectCount", "notificationRuleCount",
		"policyCount", "vulnerabilityCount"};

	tu_json_open_object(json);
	tu_json_member_str(json, "name", row->name);
	tu_json_member_int(json, "projectCount", row->projects);
	for (size_t i = 0; i < TU_COUNT(none); i++)
		tu_json_member_int(json, none[i], 0);
	tu_json_close_object(json);
}

enum tu_status tu_dtrack_get_tags(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_projects projects;
	struct tu_dtrack_cut cut = {0};
	struct count *rows;
	size_t count = 0;
	enum tu_status status = tu_dtrack__read_projects(call, TU_STR(""), &projects, err);

	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < projects.count; i++)
		count += projects.at[i].tag_count;
	rows = tu_arena_array(call->arena, count, sizeof(*rows));
	if (!rows)
		return tu_no_memory(err);
	count = gather(rows, &projects);
	status = tu_dtrack__cut(call, count, &cut, err);
	tu_json_open_array(json);
	for (size_t i = cut.from; i < cut.to; i++)
		write_row(json, &rows[i]);
	tu_json_close_array(json);
	return status;
}
