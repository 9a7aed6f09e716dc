#include "sbom/keys.h"

bool tu_sbom__purl_key(struct tu_arena *arena, struct tu_str text, struct tu_buf *out)
{
	struct tu_purl purl;
	enum tu_status status;

	if (text.len == 0)
		return false;
	tu_arena_reset(arena);
	status = tu_purl_parse(arena, text, &purl, NULL);
	if (status == TU_E_NOMEM)
		out->failed = true;
	if (status)
		return false;
	purl.version = TU_STR("");
	purl.qualifier_count = 0;
	purl.subpath = TU_STR("");
	tu_buf_byte(out, 'p');
	tu_purl_write(&purl, out);
	return true;
}

bool tu_sbom__cpe_key(const struct tu_cpe *cpe, struct tu_buf *out)
{
	for (int i = TU_CPE_PART; i <= TU_CPE_PRODUCT; i++) {
		struct tu_str value = cpe->attr[i];

		if (tu_str_find(value, '*') < value.len || tu_str_find(value, '?') < value.len)
			return false;
	}
	tu_buf_byte(out, 'c');
	for (int i = TU_CPE_PART; i <= TU_CPE_PRODUCT; i++) {
		tu_buf_byte(out, ':');
		tu_buf_str_add(out, cpe->attr[i]);
	}
	return true;
}

void tu_sbom__name_key(struct tu_str group, struct tu_str name, struct tu_buf *out)
{
	tu_buf_byte(out, 'n');
	tu_buf_str_add(out, group);
	tu_buf_byte(out, '\n');
	tu_buf_str_add(out, name);
}
