"""Routes of the desk of removal orders. It names routes; rights are checked at each view."""

from django.urls import URLPattern, path, re_path

from vigie.console.views import exposure, order_intakes, orders

urlpatterns: list[URLPattern] = [
    path("orders/", orders.show_all, name="orders"),
    path("orders/new", order_intakes.take, name="order-new"),
    path("orders/intakes/<str:number>", order_intakes.show, name="order-intake"),
    path("orders/intakes/<str:number>/order", order_intakes.make_order, name="order-intake-order"),
    path("orders/intakes/<str:number>/set-aside", order_intakes.set_aside, name="order-intake-set-aside"),
    path("orders/exposure", exposure.show_all, name="exposure"),
    path("orders/exposure/<str:number>/steps/<str:step>", exposure.take, name="exposure-step"),
    path("orders/<str:number>", orders.show, name="order"),
    path("orders/<str:number>/steps/<str:step>", orders.take, name="order-step"),
    path("orders/<str:number>/fields", orders.correct, name="order-correct"),
    re_path(
        r"^orders/(?P<number>O-[0-9]{1,18})/(?P<which>order|answer)\.(?P<ending>pdf|json)$",
        orders.download,
        name="order-download",
    ),
]
