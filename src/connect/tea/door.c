/* The door for clients of the Transparency Exchange API: its rows, and how it says no. */
#include "api/operations.h"
#include "api/rows.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "connect/tea/operations.h"

/* The rows, which need the headers above. */
#include "connect/tea/routes.inc"

/* Of what is not there, one word and nothing else; of the rest the document has no form. */
const char *tu_tea_refuse(const struct tu_api_refusal *refusal, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	if (refusal->status == 404) {
		tu_json_member_str(&json, "error", TU_STR("OBJECT_UNKNOWN"));
	} else {
		tu_json_member_int(&json, "status", refusal->status);
		tu_json_member_str(&json, "title", tu_str_c(refusal->title));
		tu_json_member_opt(&json, "detail", tu_str_c(refusal->detail));
	}
	tu_json_close_object(&json);
	return "application/json";
}
