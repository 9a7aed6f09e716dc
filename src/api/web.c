#include "api/web.h"

#include "http/answers.h"

/* Made by tools/gen-static of web/dist. */
extern const struct tu_http_static tu_web_files[];
extern const size_t tu_web_files_count;

/* The addresses of the page (web/src/logic/router.ts has what each of them shows). */
static const struct {
	const char *path;
	bool below; /* also what begins with it and "/" */
} places[] = {
	{"/", false},
	{"/admin", true},
	{"/cases", true},
	{"/components", false},
	{"/deadlines", false},
	{"/devices", true},
	{"/findings", true},
	{"/intelligence", false},
	{"/ledger", false},
	{"/me", false},
	{"/releases", true},
	{"/setup", false},
	{"/sign-in", false},
	{"/signals", true},
	{"/signin", false}, /* where a browser comes back to from single sign-on */
	{"/statements", true},
};

static bool is_place(struct tu_str path)
{
	for (size_t i = 0; i < TU_COUNT(places); i++) {
		struct tu_str rest = path;

		if (tu_str_skip(&rest, tu_str_c(places[i].path)) &&
			(rest.len == 0 || (places[i].below && rest.ptr[0] == '/')))
			return true;
	}
	return false;
}

bool tu_api_web(const struct tu_http_request *request, struct tu_http_answer *answer)
{
	struct tu_str name = request->path;

	if (!tu_str_eq(request->method, TU_STR("GET")) &&
		!tu_str_eq(request->method, TU_STR("HEAD")))
		return false;
	if (is_place(name))
		name = TU_STR("/index.html");
	answer->file = tu_http_static_find(tu_web_files, tu_web_files_count, name);
	if (!answer->file)
		return false;
	answer->status = 200;
	answer->private_page = tu_str_starts(tu_str_c(answer->file->type), TU_STR("text/html"));
	return true;
}
