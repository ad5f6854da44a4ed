/* Eight threads share a client and make their own; each call must answer as it does alone. Usage: threads CALLS */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kyso.h>

static const char CONFIG[] =
    "{\"merchant_site_code\":\"65001\",\"secure_pass\":\"test-pass-Aa1\",\"environment\":\"sandbox\"}";
static const char LINK[] =
    "{\"return_url\":\"https://shop.example.com/r\",\"receiver\":\"m@example.com\",\"order_code\":\"A1\",\"price\":20000}";

static kyso_client *client;
static long calls;
static char alone[5][4096];

/* What one call of each kind answers; the same alone and beside others. */
static void mixed(long turn, char *answer, size_t size) {
    kyso_client *own;
    kyso_params *params;
    kyso_result *result;
    switch (turn % 5) {
        case 0: result = kyso_hpay_checkout_create_link(client, LINK, strlen(LINK)); break;
        case 1: result = kyso_call(client, "hpay.checkout.read_callback", 27, "{\"query\":\"a=b\"}", 15); break;
        case 2: /* A client of its own, made and freed. */
            result = kyso_hpay_new(CONFIG, strlen(CONFIG), &own);
            kyso_client_free(own);
            break;
        case 3:
            params = kyso_params_new();
            kyso_params_set_text(params, "return_url", 10, "https://shop.example.com/r", 26);
            kyso_params_set_text(params, "receiver", 8, "m@example.com", 13);
            kyso_params_set_text(params, "order_code", 10, "A1", 2);
            kyso_params_set_integer(params, "price", 5, 20000);
            result = kyso_call_params(client, "hpay.checkout.create_link", 25, params);
            kyso_params_free(params);
            break;
        default: result = kyso_call(NULL, "vietqr.bank.find", 16, "{\"bin\":\"970403\"}", 16);
    }
    const char *text = kyso_result_is_ok(result) ? kyso_result_json(result, NULL, 0, NULL) : kyso_error_json(result, NULL);
    snprintf(answer, size, "%s", text);
    kyso_result_free(result);
}

#ifdef PLANTED_RACE
static long planted;
#endif

static void *work(void *wrong) {
    for (long i = 0; i < calls; i++) {
#ifdef PLANTED_RACE
        planted++;
#endif
        char answer[4096];
        mixed(i, answer, sizeof answer);
        if (strcmp(answer, alone[i % 5]) != 0) ++*(long *) wrong;
    }
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t threads[8];
    long wrong[8] = {0}, sum = 0;
    calls = count > 1 ? atol(arguments[1]) : 1000;
    kyso_result_free(kyso_hpay_new(CONFIG, strlen(CONFIG), &client));
    for (int i = 0; i < 5; i++) mixed(i, alone[i], sizeof alone[i]);
    if (strstr(alone[0], "signature") == NULL || strcmp(alone[0], alone[3]) != 0) sum++;
    for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, work, &wrong[i]);
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        sum += wrong[i];
    }
    kyso_client_free(client);
    printf("threads: %ld calls, %ld wrong\n", calls * 8, sum);
    return sum > 0;
}
