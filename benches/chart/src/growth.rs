//! How the cost of one evaluation grows.

use std::error::Error;

use super::report::Size;
use plotters::prelude::*;

const PANELS: [(&str, &str); 4] = [
    ("tags", "entity tags in If-None-Match"),
    ("fields", "fields of the request"),
    ("bytes", "bytes of If-None-Match"),
    ("suffixes", "suffixes in a rule, 8 KiB of the last one"),
];

pub(crate) fn draw(rows: &[Size]) -> Result<String, String> {
    try_draw(rows).map_err(|error| error.to_string())
}

fn try_draw(rows: &[Size]) -> Result<String, Box<dyn Error + '_>> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (900, 640)).into_drawing_area();
        area.fill(&WHITE)?;
        let title = "Instructions of one evaluation (both axes logarithmic)";
        let area = area.titled(title, ("sans-serif", 18))?;
        for ((kind, about), panel) in PANELS.iter().zip(area.split_evenly((2, 2))) {
            let points: Vec<_> = rows
                .iter()
                .filter(|row| row.kind == *kind)
                .map(|row| (row.size as f64, row.cost.instructions as f64))
                .collect();
            let right = points.iter().fold(2.0, |most: f64, (x, _)| most.max(*x));
            let top = points
                .iter()
                .fold(1_000.0, |most: f64, (_, y)| most.max(*y));
            let mut chart = ChartBuilder::on(&panel)
                .margin(10)
                .x_label_area_size(40)
                .y_label_area_size(70)
                .build_cartesian_2d(
                    (1_f64..right * 1.2).log_scale(),
                    (100_f64..top * 1.5).log_scale(),
                )
                .map_err(|error| error.to_string())?;
            chart
                .configure_mesh()
                .light_line_style(WHITE)
                .x_desc(*about)
                .x_label_formatter(&|x| format!("{x:.0}"))
                .y_label_formatter(&|y| format!("{y:.0}"))
                .label_style(("sans-serif", 12))
                .draw()
                .map_err(|error| error.to_string())?;
            let color = RGBColor(0, 114, 178);
            let dots = points.clone().into_iter();
            let dots = dots.map(|point| Circle::new(point, 3, color.filled()));
            chart.draw_series(dots).map_err(|error| error.to_string())?;
            let line = PathElement::new(points, color.stroke_width(2));
            chart
                .draw_series([line])
                .map_err(|error| error.to_string())?;
        }
        area.present()?;
    }
    Ok(svg)
}
