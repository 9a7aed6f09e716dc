#include "connect/dtrack/permissions.h"

/* Permissions of Dependency-Track, and the class of operations of ours that gives each. What this
 * door does not offer has none, so that its web interface does not show it. */
static const struct {
	const char *name;
	enum tu_access_class class;
} permissions[] = {
	{"BOM_UPLOAD", TU_CLASS_WRITE},
	{"PORTFOLIO_MANAGEMENT", TU_CLASS_WRITE},
	{"PORTFOLIO_MANAGEMENT_READ", TU_CLASS_READ},
	{"PROJECT_CREATION_UPLOAD", TU_CLASS_WRITE},
	{"VIEW_PORTFOLIO", TU_CLASS_READ},
	{"VIEW_VULNERABILITY", TU_CLASS_READ},
	{"VIEW_POLICY_VIOLATION", TU_CLASS_READ},
	{"VIEW_BADGES", TU_CLASS_READ},
	{"VULNERABILITY_ANALYSIS", TU_CLASS_WRITE},
	{"VULNERABILITY_ANALYSIS_READ", TU_CLASS_READ},
};

void tu_dtrack__write_permissions(
	struct tu_json_writer *json, const struct tu_access *who, bool names_alone)
{
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_COUNT(permissions); i++) {
		struct tu_str name = tu_str_c(permissions[i].name);

		if (!tu_access_may(who, permissions[i].class))
			continue;
		if (names_alone) {
			tu_json_add_str(json, name);
			continue;
		}
		tu_json_open_object(json);
		tu_json_member_str(json, "name", name);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}
