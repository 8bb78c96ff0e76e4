"""Addresses for these tests: the gallery, which the site routes only in development."""

from django.urls import include, path

urlpatterns = [path("design/", include("hutong.foundation.design.urls"))]
