/* Control of scripts/test-asan: reads a result that was freed. */
#include <kyso.h>

int main(void) {
  kyso_result *result = kyso_call(0, "vietqr.bank.banks", 17, "{}", 2);
  kyso_result_free(result);
  return kyso_result_is_ok(result);
}
