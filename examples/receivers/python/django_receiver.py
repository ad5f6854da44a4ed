"""Django. In a project of your own: the views, the routes and the transaction of `store`.

Run: python django_receiver.py 127.0.0.1:8000
"""

import sys
from os import environ as env

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from payments import receive

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY=env["DJANGO_SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    # As a new project has it: the gateway knows no CSRF token, hence csrf_exempt below.
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
)
django.setup()


# request.body before anything touches request.POST; request.GET is decoded already, so QUERY_STRING.
@csrf_exempt
@require_POST
def tconnect_ipn(request: HttpRequest) -> HttpResponse:
    return answer("tconnect", request.body)


@csrf_exempt
@require_POST
def appotapay_callback(request: HttpRequest) -> HttpResponse:
    return answer("appotapay", request.body)


@require_GET
def hpay_notify(request: HttpRequest) -> HttpResponse:
    return answer("hpay", request.META["QUERY_STRING"].encode())


# The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
@require_GET
def hpay_return(request: HttpRequest) -> HttpResponse:
    taken = hpay_notify(request)
    return HttpResponse("Thank you.", content_type="text/plain") if taken.status_code == 200 else taken


def answer(gateway: str, raw: bytes) -> HttpResponse:
    taken = receive(gateway, raw)
    return HttpResponse(taken["body"], status=taken["status"], content_type=taken["content_type"])


# No slash at the end: APPEND_SLASH answers a callback with a redirect, which gateways do not follow.
urlpatterns = [
    path("tconnect/ipn", tconnect_ipn),
    path("hpay/notify", hpay_notify),
    path("hpay/return", hpay_return),
    path("appotapay/callback", appotapay_callback),
]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", *sys.argv[1:]])
