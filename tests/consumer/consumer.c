/* Another program that uses libtutela as it is installed; tests/build/consumer.py builds it. */
#include <stdio.h>

#include <tutela/purl.h>
#include <tutela/version.h>

int main(void)
{
	struct tu_arena *arena = tu_arena_new(64 * 1024);
	struct tu_purl purl;
	struct tu_error err = {0};
	char words[TU_ERROR_TEXT_MAX];
	struct tu_buf text;

	tu_buf_init(&text, 1024);
	if (tu_version_compare(TU_SCHEME_NPM, TU_STR("1.9.0"), TU_STR("1.10.0")) != TU_LESS)
		return 1;
	if (!arena || tu_purl_parse(arena, TU_STR("pkg:PyPI/Django@4.2"), &purl, &err)) {
		(void)fprintf(stderr, "%s\n", tu_error_text(&err, words, sizeof(words)));
		return 1;
	}
	tu_purl_write(&purl, &text);
	printf("%.*s\n", TU_STR_FMT(tu_buf_str(&text)));
	tu_buf_done(&text);
	tu_arena_free(arena);
	return 0;
}
