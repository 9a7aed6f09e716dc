// The same from C++: the headers compile and the names have C linkage.
#include <cstdio>

#include <tutela/advisory.h>
#include <tutela/kb.h>
#include <tutela/match.h>
#include <tutela/score.h>

int main()
{
	struct tu_str digits = tu_str_c("12a");

	std::printf("%zu %s\n", tu_str_digits(&digits).len, tu_status_name(TU_OK));
	return 0;
}
